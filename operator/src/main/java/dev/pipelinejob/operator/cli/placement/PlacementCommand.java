package dev.pipelinejob.operator.cli.placement;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `pipelinejob placement`: groups the planner's commands.
@Command(
        name = "placement",
        mixinStandardHelpOptions = true,
        description = "Splits operator graphs over accelerators and CPUs, checks splits, and measures the planner.",
        subcommands = {SolveCommand.class, VerifyCommand.class, BenchCommand.class, CommandLine.HelpCommand.class})
public final class PlacementCommand {}
