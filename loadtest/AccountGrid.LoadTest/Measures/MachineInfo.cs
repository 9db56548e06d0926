using System.Globalization;
using System.Runtime.InteropServices;

namespace AccountGrid.LoadTest.Measures;

/// <summary>What a result was measured on; without names or paths of the machine.</summary>
public static class MachineInfo
{
    public static Dictionary<string, string> Describe() => new()
    {
        ["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        ["processor"] = Find("/proc/cpuinfo", "model name"),
        ["memory_gb"] = (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_073_741_824.0).ToString("0.0", CultureInfo.InvariantCulture),
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription.Split(" SMP")[0],
    };

    private static string Find(string file, string field)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
