using System.Text.Json;
using AccountGrid.Client;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Client;
using AccountGrid.Host.Files;
using AccountGrid.Host.Prices;

namespace AccountGrid.Host.Cli;

/// <summary>
/// The verb <c>prices</c>: publishes what a CSV holds. Status 1 if anything was refused or waits for a second person, 2 if nothing could be read.
/// </summary>
internal static class PricesCommand
{
    public static async Task<int> RunAsync(
        string file, string series, string? reason, string? data, string? url, string? key, CancellationToken cancel)
    {
        IReadOnlyList<IntervalPrice> prices;
        try
        {
            (prices, var errors) = PriceFile.Read(TextFile.Read(file));
            if (errors.Count > 0)
            {
                errors.ToList().ForEach(e => Console.Error.WriteLine($"{file}: {e}"));
                return 2;
            }
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file}: {e.Message.ReplaceLineEndings(" ")}");
            return 2;
        }

        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        return await PublishAsync(session.Client, series, prices, reason, Console.Out).WaitAsync(cancel);
    }

    /// <summary>Publishes prices in requests of as many as one takes, each whole or not at all, and stops at the first that is refused.</summary>
    internal static async Task<int> PublishAsync(
        GridClient client, string series, IReadOnlyList<IntervalPrice> prices, string? reason, TextWriter output)
    {
        var (sent, waits) = (0, 0);
        foreach (var part in prices.Chunk(PriceDraft.RowsMax))
        {
            JsonElement answer;
            try
            {
                answer = await client.PostAsync<JsonElement>(
                    $"/v1/price-series/{Uri.EscapeDataString(series)}/prices", new PublishPricesRequest(part, reason));
            }
            catch (GridException e)
            {
                await output.WriteLineAsync($"{e.Code}: {e.Message} Rows before row {sent + 2} of the file were taken.");
                return 1;
            }

            if (answer.TryGetProperty("hash", out var hash))
            {
                waits++;
                await output.WriteLineAsync(
                    $"Correction {answer.GetProperty("id").GetGuid()} waits for a second person, who agrees to it with hash {hash.GetString()}.");
            }
            else
            {
                await output.WriteLineAsync(
                    $"{answer.GetProperty("added").GetInt32()} added, {answer.GetProperty("corrected").GetInt32()} corrected, "
                        + $"{answer.GetProperty("unchanged").GetInt32()} unchanged.");
            }

            sent += part.Length;
        }

        return waits == 0 ? 0 : 1;
    }
}
