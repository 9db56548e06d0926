using System.Globalization;
using System.Net.Http.Headers;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Lists;

/// <summary>The verb <c>lists</c>: how soon lists, figures and single accounts answer in a large grid. Status 1 where one is slower than its goal.</summary>
internal static class ListsCommand
{
    /// <summary>Goal of each 95th percentile, ms.</summary>
    private const double GoalMs = 100;

    private const int PagesFar = 50;

    public static async Task<int> RunAsync(ListsOptions options, CancellationToken cancel)
    {
        await using var database = await LoadDatabase.StartAsync(options.Data);
        var connectionString = await database.DatabaseAsync("grid");
        await using var grid = await LocalGrid.StartAsync(database.Folder, connectionString, 1);
        var fleet = new MeterFleet(new(0, options.Accounts, 900_000, Yesterday(), 1, "", LoadTariff.Flat, LoadCurve.Standard));
        Say($"Registering {options.Accounts:N0} accounts...");
        await Provisioning.RegisterAsync(fleet, grid.Urls, grid.Key, _ => null, null);
        using var http = new HttpClient { BaseAddress = new Uri(grid.Urls[0]), Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", grid.Key);
        var town = new ListsTown(database, connectionString, options);
        Say("Writing customers and figures...");
        await town.RegisterAreasAsync(http);
        await town.FillAsync();
        var slow = 0;
        Say($"{options.Accounts:N0} accounts and customers, {options.Areas:N0} areas; {string.Join(", ", MachineInfo.Describe().Values)}");
        Say("| request | p50, ms | p95, ms | most, ms |\n|---|---|---|---|");
        foreach (var (name, path) in await RequestsAsync(http, fleet, options))
        {
            var latencies = await MeasureAsync(http, path, options.Requests, cancel);
            var (p50, p95, most) = (At(latencies, 0.5), At(latencies, 0.95), latencies[^1]);
            slow += p95 > GoalMs ? 1 : 0;
            Say(string.Create(CultureInfo.InvariantCulture, $"| {name} | {p50:0.0} | {p95:0.0} | {most:0.0} |"));
        }

        Say($"slower than {GoalMs:0} ms: {slow}");
        return slow > 0 ? 1 : 0;
    }

    private static async Task<List<(string Name, Func<int, string> Path)>> RequestsAsync(HttpClient http, MeterFleet fleet, ListsOptions options)
    {
        var far = await FarAsync(http, "/v1/customers?limit=200");
        string Account(int i) => fleet.AccountId((int)((i * 7_919L) % options.Accounts));
        string Area(int i) => ListsTown.Area(i * 37 % options.Areas);
        string District(int i) => ListsTown.District(i % ListsTown.DistrictsOf(options.Areas));
        var month = ListsTown.FirstDay.AddMonths(11);
        var year = $"from={month.AddMonths(-11):yyyy-MM-dd}&to={month.AddMonths(1).AddDays(-1):yyyy-MM-dd}";
        return
        [
            ("customers", _ => "/v1/customers"),
            ("customers, page 51", _ => $"/v1/customers?cursor={Uri.EscapeDataString(far)}"),
            ("customers of an area", i => $"/v1/customers?area={Area(i)}"),
            ("customers of a district of ten areas", i => $"/v1/customers?area={District(i)}"),
            ("customers of all areas", _ => "/v1/customers?area=city"),
            ("customers of a manager", i => $"/v1/customers?manager=manager-{i % 20}"),
            ("customers by grade", i => $"/v1/customers?grade={"ABC"[i % 3]}"),
            ("customers by segment", _ => "/v1/customers?segment=industrial/large"),
            ("customers by area, segment and grade", i => $"/v1/customers?area={District(i)}&segment=business&grade=C"),
            ("customers by the beginning of a name", i => $"/v1/customers?q=Customer%20A{i % 10}"),
            ("customers by name in a district", i => $"/v1/customers?area={District(i)}&q=Customer"),
            ("customer by an account", i => $"/v1/customers?q={Account(i)}"),
            ("customer", i => $"/v1/customers/C{Account(i)}"),
            ("account", i => $"/v1/accounts/{Account(i)}"),
            ("balance", i => $"/v1/accounts/{Account(i)}/balance"),
            ("figures of a month", _ => $"/v1/figures?month={month:yyyy-MM}"),
            ("figures of a month by area", _ => $"/v1/figures?month={month:yyyy-MM}&by=area"),
            ("figures of twelve months by area", _ => $"/v1/figures?{year}&by=area"),
            ("figures of a month by day, a district", i => $"/v1/figures?month={month:yyyy-MM}&by=day&area={District(i)}"),
            ("figures of twelve months by month, a class", _ => $"/v1/figures?{year}&by=month&class=residential"),
            ("figures of a month by channel", _ => $"/v1/figures?month={month:yyyy-MM}&by=channel"),
            ("prepayment candidates", _ => "/v1/prepayment/candidates"),
            ("cases", _ => "/v1/cases"),
            ("cases of an area", i => $"/v1/cases?area={Area(i)}"),
            ("cases of a person", i => $"/v1/cases?owner=collector-{i % 50}"),
        ];
    }

    /// <summary>The cursor behind some pages.</summary>
    private static async Task<string> FarAsync(HttpClient http, string path)
    {
        string? cursor = null;
        for (var i = 0; i < PagesFar; i++)
        {
            var page = await http.GetFromJsonAsync<Page<CustomerListItem>>(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            if (page!.NextCursor is null)
            {
                break;
            }

            cursor = page.NextCursor;
        }

        return cursor ?? throw new InvalidOperationException("The list of customers has one page only; take more --accounts.");
    }

    /// <summary>Latencies of requests one after the other, ms, in rising order; a tenth as many before them are not counted.</summary>
    private static async Task<List<double>> MeasureAsync(HttpClient http, Func<int, string> path, int requests, CancellationToken cancel)
    {
        var latencies = new List<double>();
        for (var i = -Math.Max(1, requests / 10); i < requests; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var response = await http.GetAsync(path(Math.Abs(i)), cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{path(Math.Abs(i))} was answered {(int)response.StatusCode}: {text}");
            }

            if (i >= 0)
            {
                latencies.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        latencies.Sort();
        return latencies;
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    private static long Yesterday()
    {
        var day = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date.AddDays(-1);
        return new DateTimeOffset(day, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();
    }

    private static void Say(string line) => Console.WriteLine(line);
}
