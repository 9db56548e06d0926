// A gateway. It takes lines "meter,instant,Wh" from standard input, keeps each on disk and sends them to the grid; docs/gateway.md tells the whole story.
//   dotnet run --project examples/AccountGrid.Examples.Gateway -- http://127.0.0.1:5080 KEY FOLDER GATEWAY < readings.csv
// When the lines have ended it goes on, with relay commands and with readings to send later, until Ctrl-C or SIGTERM.
using System.Globalization;
using System.Runtime.InteropServices;
using AccountGrid.Client;

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await using var gateway = GatewayClient.Create(new GatewayOptions
{
    Url = new Uri(args[0]),
    Key = args[1],
    Folder = args[2],
    Gateway = args[3],
    OnRejected = (r, _) => Console.Out.WriteLineAsync($"rejected {r.Reading.Meter} {r.Reading.At:O}: {r.Code}: {r.Detail} ({r.Resend})"),
    OnRelay = async (order, _) =>
    {
        // Here a real gateway tells the meter, and returns what the meter then confirms.
        await Console.Out.WriteLineAsync($"relay {order.Meter} {order.Action}");
        return order.Action;
    },
});
var sending = gateway.RunAsync(stop.Token);
try
{
    // A read of a terminal cannot be cancelled: it is left behind.
    while (await Task.Run(Console.ReadLine, stop.Token).WaitAsync(stop.Token) is { Length: > 0 } line)
    {
        var parts = line.Split(',');
        var at = DateTimeOffset.Parse(parts[1], CultureInfo.InvariantCulture);
        await gateway.AddAsync(new Reading(parts[0], at, long.Parse(parts[2], CultureInfo.InvariantCulture)), stop.Token);
        Console.WriteLine($"kept {line}");
    }

    await gateway.WhenSentAsync(stop.Token);
    Console.WriteLine($"sent; {gateway.Pending} wait to be sent later");
    await sending;
}
catch (OperationCanceledException)
{
    // What is kept is sent after the next start.
}

await sending;
Console.WriteLine($"stopped; {gateway.Pending} are kept for the next start. {gateway.LastProblem}");

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
