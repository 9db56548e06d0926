using System.Globalization;
using AccountGrid.Interleavings;
using Microsoft.Coyote;
using Microsoft.Coyote.SystematicTesting;

// Each scenario is run so often, each time in another order of its steps. Two are wrong, and must be found so, or nothing here can be believed.
var iterations = args.Length > 0 ? uint.Parse(args[0], CultureInfo.InvariantCulture) : 2_000u;
(string Name, Func<Task> Run, bool IsWrong)[] scenarios =
[
    ("the queue before the log answers every caller once, by what was committed", AdmissionQueue.CallersAndAFailingLogAsync, false),
    ("closing the queue leaves no caller without an answer", AdmissionQueue.ClosingAsync, false),
    ("a batch over many partitions is in one commit or in none", AdmissionQueue.BatchesStayWholeAsync, false),
    ("a log that answers before it commits: must be found", AdmissionQueue.AnsweredTooEarlyAsync, true),
    ("two senders and a receiver that does not answer lose no message", DispatcherClaims.TwoSendersAsync, false),
    ("a sender whose claim ran out marks nothing", DispatcherClaims.LateMarkAsync, false),
    ("claims without a token lose a message: must be found", DispatcherClaims.WithoutTokensAsync, true),
];
var wrong = 0;
foreach (var (name, run, isWrong) in scenarios)
{
    var configuration = Configuration.Create().WithTestingIterations(iterations).WithMaxSchedulingSteps(5_000).WithPartiallyControlledConcurrencyAllowed()
        .WithRandomGeneratorSeed(7);
    using var engine = TestingEngine.Create(configuration, run);
    var console = Console.Out;
    Console.SetOut(TextWriter.Null);
    engine.Run();
    Console.SetOut(console);
    var report = engine.TestReport;
    var found = report.NumOfFoundBugs > 0;
    wrong += found == isWrong ? 0 : 1;
    Console.WriteLine(
        $"{(found == isWrong ? "ok  " : "FAIL")} {name}: {report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths} orders, "
            + $"{report.TotalControlledOperations} operations");
    if (found && !isWrong)
    {
        Console.WriteLine(string.Join('\n', report.BugReports));
        Console.WriteLine(engine.GetReport());
    }
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenarios.Length - wrong} passed, {wrong} failed"));
return wrong == 0 ? 0 : 1;
