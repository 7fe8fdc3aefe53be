// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"net"
)

func echo(client net.Conn) {
	defer client.Close()
	buffer := make([]byte, 16*1024)
	for {
		got, err := client.Read(buffer)
		if err != nil {
			return
		}
		if _, err := client.Write(buffer[:got]); err != nil {
			return
		}
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		if client, err := listener.Accept(); err == nil {
			go echo(client)
		}
	}
}
