return await AccountGrid.LoadTest.Commands.CommandLine.RunAsync(args);
