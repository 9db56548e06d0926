using AccountGrid.Host.Cli;


return await CommandLine.RunAsync(args);
