// SPDX-License-Identifier: MIT

package main

import (
	"fmt"
	"time"
)

func main() {
	time.Sleep(0)
	fmt.Println("hello")
}
