package dev.pipelinejob.operator.monitor;

/// Where events go. May block while its bounded queue is full: then the stream that brought the event waits, and TCP
/// slows its worker down.
public interface MonitorSink {
    void accept(MonitorEvent event) throws InterruptedException;
}
