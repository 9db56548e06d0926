#if FAULTS
using System.Globalization;
#endif
using System.Diagnostics;

namespace AccountGrid.Faults;

// Places where a test build can be made to die, stop, throw or wait. Other builds hold no trace of them. ACCOUNTGRID_FAILPOINT names one as
// NAME:ACTION[:N], with ACTION one of kill, stop, throw, wait and N the time that it is reached at (1 is the first), or a file that holds such a line
// as @FILE, which may be written and taken away while the process runs. A point that acts leaves FILE.reached behind; one that waits does so until
// FILE is gone, 30 s at most.
internal static class Failpoint
{
    // In the transaction that makes readings or commands durable, before its commit.
    public const string LogBeforeCommit = "log.before-commit";

    // After that commit, before anybody is told.
    public const string LogAfterCommit = "log.after-commit";

    // Acknowledged, not yet folded.
    public const string FoldBeforeApply = "fold.before-apply";

    // In the transaction that writes the fold's effects, before its commit.
    public const string EffectsBeforeCommit = "effects.before-commit";

    // Effects are written, memory does not know it yet.
    public const string EffectsAfterCommit = "effects.after-commit";

    // A message is claimed, not yet handed to its channel.
    public const string OutboxBeforeSend = "outbox.before-send";

    // A message is with its channel, not yet marked.
    public const string OutboxAfterSend = "outbox.after-send";

    // In the transaction that writes states and closed days, before its commit.
    public const string StatesBeforeCommit = "states.before-commit";

    [Conditional("FAULTS")]
    public static void Reach(string name)
    {
#if FAULTS
        lock (Counts)
        {
            if (Spec() is not { } spec || spec.Name != name)
            {
                return;
            }

            Counts[name] = Counts.GetValueOrDefault(name) + 1;
            if (Counts[name] != spec.At)
            {
                return;
            }

            Counts.Remove(name);
        }

        Act(Spec()!.Value);
#endif
    }

#if FAULTS
    private static readonly Dictionary<string, int> Counts = [];

    private static readonly string Setting = Environment.GetEnvironmentVariable("ACCOUNTGRID_FAILPOINT") ?? "";

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private static bool _spent;

    private static string? ControlFile => Setting.StartsWith('@') ? Setting[1..] : null;

    private static (string Name, string Action, int At)? Spec()
    {
        var text = Setting;
        if (ControlFile is { } file)
        {
            if (!File.Exists(file))
            {
                return null;
            }

            try
            {
                text = File.ReadAllText(file).Trim();
            }
            catch (IOException)
            {
                return null;
            }
        }

        var parts = text.Split(':');
        return parts.Length < 2 || (_spent && ControlFile is null)
            ? null
            : (parts[0], parts[1], parts.Length > 2 ? int.Parse(parts[2], CultureInfo.InvariantCulture) : 1);
    }

    private static void Act((string Name, string Action, int At) spec)
    {
        _spent = true;
        var file = ControlFile;
        if (file is not null)
        {
            File.WriteAllText(file + ".reached", spec.Name);
            if (spec.Action != "wait")
            {
                File.Delete(file);
            }
        }

        switch (spec.Action)
        {
            case "kill":
                Signal("KILL");
                break;
            case "stop":
                Signal("STOP");
                break;
            case "throw":
                throw new IOException($"Failpoint {spec.Name}.");
            case "wait":
                var began = Stopwatch.StartNew();
                using (var never = new ManualResetEventSlim())
                {
                    while (file is not null && File.Exists(file) && began.Elapsed < WaitMax)
                    {
                        never.Wait(TimeSpan.FromMilliseconds(20));
                    }
                }

                break;
            default:
                throw new ArgumentException($"ACCOUNTGRID_FAILPOINT: '{spec.Action}' is not kill, stop, throw or wait.");
        }
    }

    private static void Signal(string name)
    {
        using var kill = Process.Start("kill", $"-{name} {Environment.ProcessId}");
        kill.WaitForExit();
        using var never = new ManualResetEventSlim();
        never.Wait(TimeSpan.FromMilliseconds(name == "KILL" ? 10_000 : 200));
    }
#endif
}
