using AccountGrid.Host.Files;
using AccountGrid.Host.MeterFiles;

namespace AccountGrid.Host.Cli;

/// <summary>
/// The verb: registers what a file holds, or sends its meter data, and reports row by row. Status 1 if anything was refused, 2 if nothing could be read.
/// </summary>
internal static class ImportCommand
{
    /// <param name="format">Of meter data; null where the content says whether it is that.</param>
    /// <param name="mapping">How meter data is read; null for what says all by itself.</param>
    public static async Task<int> RunAsync(
        string file, string? encoding, string? format, string? mapping, string? data, string? url, string? key, CancellationToken cancel)
    {
        ImportContent content;
        try
        {
            if (format is not null || mapping is not null || MeterFileFormats.Detect(MeterFileSource.OfFile(file)) is not null)
            {
                return await ReplayCommand.RunAsync(file, format, mapping, data, url, key, new ReplayOptions(), cancel);
            }

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
