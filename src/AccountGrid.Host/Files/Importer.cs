using AccountGrid.Client;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Files;

/// <summary>Registers items through the API, each kind after the ones it needs: tariffs and gateways one by one, accounts and meters by the thousand.</summary>
public static class Importer
{
    private const int AtOnce = 8;

    /// <summary>Accounts or meters of one request; every refused line of so many is named in its answer.</summary>
    private const int LinesAtOnce = 1_000;

    /// <param name="content">What a file holds; what is refused in it is in the summary too.</param>
    public static async Task<ImportSummary> RunAsync(GridClient client, ImportContent content)
    {
        var items = content.Items;
        var run = new ImportRun(client, content.Errors);
        foreach (var path in new[] { "/v1/tariffs", "/v1/gateways" })
        {
            await Parallel.ForEachAsync(
                items.Where(i => i.Path == path).GroupBy(ProductOf), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (group, _) =>
                {
                    foreach (var item in group.OrderBy(FirstDayOf))
                    {
                        await run.RegisterAsync(item);
                    }
                });
        }

        foreach (var path in new[] { "/v1/accounts", "/v1/meters" })
        {
            foreach (var chunk in items.Where(i => i.Path == path).Chunk(LinesAtOnce))
            {
                await run.RegisterManyAsync(chunk);
            }
        }

        await Parallel.ForEachAsync(items.Where(i => i.Terms is not null), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (item, _) => await run.AgreeAsync(item));

        return run.Summary;
    }

    /// <summary>Versions of one product come one after the other, by their days: the first that is registered may begin on any day.</summary>
    private static object ProductOf(ImportItem item) => item.Body is TariffDefinition tariff ? tariff.Id : item;

    private static (DateOnly From, int Version) FirstDayOf(ImportItem item) =>
        item.Body is TariffDefinition tariff ? (tariff.EffectiveFrom ?? DateOnly.MinValue, tariff.Version) : default;

    private sealed class ImportRun(GridClient client, List<string> unreadable)
    {
        private readonly List<string> _errors = [.. unreadable];
        private readonly SortedDictionary<string, (int Items, string Kind, string First, string Detail)> _warnings = new(StringComparer.Ordinal);
        private int _created;
        private int _unchanged;

        public ImportSummary Summary => new(_created, _unchanged, _errors,
            [.. _warnings.Select(w => $"{w.Value.Items} of the {w.Value.Kind}, first {w.Value.First}: {w.Key}: {w.Value.Detail}")]);

        public async ValueTask RegisterAsync(ImportItem item)
        {
            try
            {
                var (isNew, warnings) = item.Path == "/v1/tariffs"
                    ? await client.RegisterTariffAsync(item.Body)
                    : (await client.RegisterAsync(item.Path, item.Body), []);
                Interlocked.Increment(ref isNew ? ref _created : ref _unchanged);
                foreach (var w in warnings)
                {
                    Warn(w.Code, 1, "tariffs", item.Place, w.Detail);
                }
            }
            catch (GridException e)
            {
                lock (_errors)
                {
                    _errors.Add($"{item.Place}: {e.Code}: {e.Message}");
                }
            }
        }

        /// <summary>What a row says of its account beside the opening; nothing where that was refused.</summary>
        public async ValueTask AgreeAsync(ImportItem item)
        {
            lock (_errors)
            {
                if (_errors.Exists(e => e.StartsWith($"{item.Place}: ", StringComparison.Ordinal)))
                {
                    return;
                }
            }

            var path = $"/v1/accounts/{Uri.EscapeDataString(item.Key)}";
            try
            {
                if (item.Terms!.Customer is { } customer)
                {
                    await client.PutAsync($"{path}/customer", customer);
                }

                if (item.Terms.Cycle is { } cycle)
                {
                    await client.RegisterAsync($"{path}/billing-cycle", cycle);
                }
            }
            catch (GridException e)
            {
                lock (_errors)
                {
                    _errors.Add($"{item.Place}: {e.Code}: {e.Message}");
                }
            }
        }

        public async Task RegisterManyAsync(ImportItem[] items)
        {
            var answer = await client.RegisterManyAsync(items.Select(i => new RegistrationLine(i.Body as OpenAccountRequest, i.Body as InstallMeterRequest)));
            _created += answer.Created;
            _unchanged += answer.Unchanged;
            foreach (var w in answer.Warnings)
            {
                Warn(w.Code, w.Lines, "meters", items[w.FirstLine - 1].Place, w.Detail);
            }

            _errors.AddRange(answer.Errors.Select(e => $"{items[e.Line - 1].Place}: {e.Code}: {e.Detail}"));
        }

        /// <summary>One line a code: how many, the first of them and what is to be said of it.</summary>
        private void Warn(string code, int count, string kind, string place, string detail)
        {
            lock (_errors)
            {
                _warnings[code] = _warnings.TryGetValue(code, out var known) ? known with { Items = known.Items + count } : (count, kind, place, detail);
            }
        }
    }
}
