# The front door. Everything here finds a JDK 25 by itself; `make help` lists the targets.
SHELL := /bin/bash
JAVA_HOME := $(shell scripts/find-jdk25.sh)
ifeq ($(JAVA_HOME),)
$(error stopped: no JDK 25 (see the sentence above))
endif
export JAVA_HOME
MAVEN := mvn --batch-mode --no-transfer-progress

.PHONY: help build demo test check format generate offences oracle soak images check-images check-chart benchmark-engine benchmark-operator cluster cluster-stop cluster-faults cluster-figures cluster-soak cluster-scale clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

build: ## compile and package everything that ./pipelinejob needs, without tests
	$(MAVEN) -q -Dquick -DskipTests package

demo: build ## train a GPT as a pipeline on this machine, kill a worker, recover, compare bit by bit
	scripts/demo.sh

test: ## everything that decides: formats, rules, unit tests, real sockets, processes, API server
	scripts/test.sh

check: ## the quick loop: compile and unit tests of all modules, no processes
	$(MAVEN) -q test

format: ## format all sources
	$(MAVEN) -q spotless:apply

generate: ## regenerate CRDs and their reference from the records
	$(MAVEN) -q -pl crds -am test -Dregenerate -Dtest=GeneratedFilesTest -Dsurefire.failIfNoSpecifiedTests=false

oracle: ## train the same against plain PyTorch and store its curve (needs Python with torch)
	scripts/oracle/run.sh

soak: build ## random kills from a seed, compared byte by byte with an undisturbed run
	scripts/soak.sh

images: build ## target/images/operator.tar and worker.tar, from scratch, without a container engine
	images/build.sh

check-images: ## plan a job and measure its model inside the images' own files (needs root for chroot)
	images/check.sh

check-chart: ## lint the chart, compare its golden cases, refuse wrong values
	scripts/chart.sh

cluster: ## a Kubernetes cluster of three nodes on this machine (Linux, root)
	scripts/cluster/up.sh

cluster-stop: ## end that cluster and leave nothing behind
	scripts/cluster/down.sh

cluster-faults: build ## one fault after the other on that cluster, each compared bit by bit with `run`
	$(MAVEN) -Dquick -pl e2e -am verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false \
	    -Dit.test=FaultsIT,ClusterRoomIT -Dfailsafe.failIfNoSpecifiedTests=false -Dcluster.faults=true

cluster-figures: images ## how long training stands still after each kind of failure, on that cluster
	scripts/cluster-figures.sh

cluster-soak: images ## random faults from a seed on that cluster, compared byte by byte with an undisturbed run
	scripts/cluster-soak.sh

cluster-scale: images ## large jobs and the operator's memory among thousands of pods, on nodes that only the API server knows
	scripts/cluster-scale.sh

benchmark-engine: ## CPU time of a step, ours and PyTorch in turns (needs Python with torch)
	benchmarks/engine/run.sh

benchmark-operator: images ## the operator's start and memory among 500 nodes and 5,000 pods that only an API server knows
	benchmarks/operator/run.sh

offences: ## plant one offence a house rule and see each refused
	scripts/offences.sh

clean: ## remove build output
	$(MAVEN) -q clean
