using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>Commands of a page under docs, which stand in blocks of <c>sh</c>.</summary>
internal static partial class PageCommands
{
    /// <summary>All commands of a page, with a test's key and address in place of those that the page names.</summary>
    public static string Of(string page, string keyFile, string url)
    {
        var text = File.ReadAllText(Path.Combine(Example.Root, "docs", page));
        var commands = string.Concat(Block().Matches(text).Select(m => m.Groups[1].Value));
        return Replace(Replace(commands, "/var/lib/accountgrid/administrator.key", keyFile), "http://127.0.0.1:5080", url);
    }

    /// <summary>What a script wrote; fails where it does.</summary>
    public static async Task<string> RunAsync(string folder, string script)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec 2>&1\n{script}");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    private static string Replace(string text, string what, string with)
    {
        Assert.Contains(what, text, StringComparison.Ordinal);
        return text.Replace(what, with, StringComparison.Ordinal);
    }

    [GeneratedRegex("^```sh\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
