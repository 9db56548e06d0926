using AccountGrid.Host.Cli;
using AccountGrid.Host.Partitions;

return await AccountGrid.LoadTest.Commands.CommandLine.RunAsync(args);
