module pipelinejob.dev/scripts/cluster/pause

go 1.26.0
