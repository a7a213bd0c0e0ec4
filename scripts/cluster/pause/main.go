// Command pause is all that the cluster's own image holds. Without arguments it waits for the end: a pod's sandbox.
// With arguments it shows that pods work: `say WORDS`, `serve PORT WORDS`, `ask ADDRESS`.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const patience = 5 * time.Second

func main() {
	if len(os.Args) == 1 {
		wait()
		return
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(verb string, arguments []string) error {
	switch {
	case verb == "say":
		fmt.Println(strings.Join(arguments, " "))
		return nil
	case verb == "serve" && len(arguments) > 1:
		return serve(arguments[0], strings.Join(arguments[1:], " "))
	case verb == "ask" && len(arguments) == 1:
		return ask(arguments[0])
	}
	return fmt.Errorf("pause cannot %s %v: it can say WORDS, serve PORT WORDS, ask ADDRESS", verb, arguments)
}

// As the first process of a pod it also reaps the dead.
func wait() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
				break
			}
		}
	}
}

func serve(port, words string) error {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	fmt.Println("serving")
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			fmt.Fprintln(connection, words)
			connection.Close()
		}
	}()
	wait()
	return nil
}

func ask(address string) error {
	connection, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(patience))
	_, err = io.Copy(os.Stdout, connection)
	return err
}
