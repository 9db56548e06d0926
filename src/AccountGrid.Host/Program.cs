using AccountGrid.Host.Operations;

return await CommandLine.RunAsync(args);
