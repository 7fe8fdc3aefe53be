// SPDX-License-Identifier: MIT
use std::time::Duration;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        tokio::time::sleep(Duration::from_secs(0)).await;
        println!("hello");
    });
}
