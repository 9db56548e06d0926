using System.Globalization;

namespace AccountGrid.LoadTest.Faults;

/// <summary>Processes that stand still until this is disposed.</summary>
internal sealed class StoppedTree : IDisposable
{
    private readonly IReadOnlyList<int> _ids;

    public StoppedTree(IReadOnlyList<int> ids)
    {
        _ids = ids;
        Signal("STOP");
    }

    public static IEnumerable<int> ChildrenOf(int parent) => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(n => char.IsAsciiDigit(n![0])).Select(n => int.Parse(n!, CultureInfo.InvariantCulture)).Where(id => ParentOf(id) == parent);

    public void Dispose() => Signal("CONT");

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private void Signal(string name)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{name}", .. _ids.Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }
}
