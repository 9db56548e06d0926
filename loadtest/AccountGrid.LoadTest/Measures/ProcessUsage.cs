using System.Globalization;

namespace AccountGrid.LoadTest.Measures;

/// <summary>CPU seconds and memory of a process on this machine, with its children where it is a database's postmaster. From /proc.</summary>
public sealed record ProcessUsage(double CpuSeconds, long ResidentBytes)
{
    /// <summary>Clock ticks a second in /proc; the same on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public static ProcessUsage Zero { get; } = new(0, 0);

    public static ProcessUsage Of(int pid) => Read(pid, withEnded: false);

    /// <summary>A process with all its descendants, and what those that have ended took.</summary>
    public static ProcessUsage OfTree(int pid)
    {
        var total = Read(pid, withEnded: true);
        foreach (var child in Children(pid))
        {
            // Shared memory is counted once, with the parent.
            var one = OfTree(child);
            total = new ProcessUsage(total.CpuSeconds + one.CpuSeconds, total.ResidentBytes + one.ResidentBytes);
        }

        return total;
    }

    public static ProcessUsage operator +(ProcessUsage a, ProcessUsage b) => new(a.CpuSeconds + b.CpuSeconds, a.ResidentBytes + b.ResidentBytes);

    private static ProcessUsage Read(int pid, bool withEnded)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double Ticks(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
            var cpu = (Ticks(11) + Ticks(12) + (withEnded ? Ticks(13) + Ticks(14) : 0)) / TicksPerSecond;
            var anonymous = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            return new ProcessUsage(cpu,
                anonymous is null
                    ? 0
                    : 1024 * long.Parse(anonymous.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Zero;
        }
    }

    private static IEnumerable<int> Children(int pid)
    {
        try
        {
            return [
                .. Directory.GetDirectories($"/proc/{pid}/task")
                    .SelectMany(t => File.ReadAllText(Path.Combine(t, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
