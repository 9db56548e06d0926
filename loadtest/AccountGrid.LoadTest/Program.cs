using System.CommandLine;
using AccountGrid.LoadTest;

var connection = new Option<string>("--connection") { Description = "PostgreSQL to use; its tables log_* are made there. Default: ConnectionStrings__AccountGrid.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ConnectionStrings__AccountGrid") ?? "" };
var turns = new Option<int>("--turns") { Description = "Turns of each kind; medians are printed.", DefaultValueFactory = _ => 5 };
var streams = new Command("streams", "Cost per event of the PostgreSQL log streams against Orleans' memory streams, in turns in one silo.") { connection, turns };
streams.SetAction(p => StreamCost.RunAsync(p.GetValue(connection)!, p.GetValue(turns)));
return await new RootCommand("Measures AccountGrid and its parts.") { streams }.Parse(args).InvokeAsync();
