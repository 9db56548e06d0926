using AccountGrid.Host.Files;



namespace AccountGrid.Host.Cli;

/// <summary>The verb: registers what a file holds, reports row by row. Status 1 if anything was refused, 2 if nothing could be read.</summary>
internal static class ImportCommand
{
    public static async Task<int> RunAsync(string file, string? encoding, string? data, string? url, string? key, CancellationToken cancel)
    {
        ImportContent content;
        try
        {
            content = ImportFile.Read(file, encoding);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file}: {e.Message.ReplaceLineEndings(" ")}");
            return 2;
        }

        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        var summary = await Importer.RunAsync(session.Client, content).WaitAsync(cancel);
        foreach (var line in summary.Errors.Concat(content.Remarks).Concat(summary.Warnings.Select(w => $"warning: {w}")))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine($"{summary.Created} created, {summary.Unchanged} unchanged, {summary.Errors.Count} refused, {summary.Warnings.Count} warnings.");
        return summary.Errors.Count == 0 ? 0 : 1;
    }
}
