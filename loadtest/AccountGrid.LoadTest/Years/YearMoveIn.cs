using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Policies;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Years;

/// <summary>The first day of a year: packs, accounts, meters, and what prepaid people pay first.</summary>
internal static class YearMoveIn
{
    /// <returns>The channels through which everybody pays.</returns>
    public static async Task<YearChannels> MoveInAsync(YearWorld world, int accounts)
    {
        await RegisterPacksAsync(world);
        await world.Grid.RegisterAsync(accounts);
        var channels = await YearChannels.OpenAsync(world.Grid, world.Clock, world.Seed);
        var appends = new List<LogAppend>();
        for (var n = 1; n <= accounts; n++)
        {
            var market = YearMarket.All[(n % 10) switch { 0 or 1 => 0, 2 => 7, 3 => 8, 4 or 5 => 1 + (n / 10 % 4), 6 or 7 => 5, _ => 6 }];
            var pack = market.Pack;
            var tariff = (await world.Grid.Tariffs.FindAsync(market.Tariff, null))!;
            var mode = pack == "gb-prepay" || n % 2 == 0 ? PaymentMode.Prepaid : PaymentMode.Postpaid;
            var manner = (((n / 10 * 7) + n) % 20) switch { < 10 => Manner.Prompt, < 14 => Manner.Late, < 17 => Manner.Partial, _ => Manner.Stubborn };
            var person = new YearPerson(n, n % world.Grid.Partitions, market, mode, manner, tariff.Calendar, world.Seed);
            world.People.Add(person);
            world.ById[YearGrid.AccountId(n)] = person;
            world.ByNumber[n] = person;
            person.Meters.Add(world.Meters[n] = new YearMeter(n, person, 0, world.Clock.NowMs));
            person.Tenures.Add(new Tenure(n, world.Clock.NowMs, long.MaxValue));
            var traits =
                (n % 23 == 0 ? CustomerTraits.Vulnerable : 0) | (n % 41 == 0 ? CustomerTraits.NeverCut : 0) | (n % 29 == 0 ? CustomerTraits.Protected : 0);
            var family = await world.Grid.Policies.NumberOfAsync(pack);
            var day = tariff.Calendar.DayOf(world.Clock.NowMs);
            appends.Add(world.Append(person, new OpenAccount(n, YearGrid.AccountId(n), tariff.Number, mode, day, 0, false, [])));
            appends.Add(world.Append(person, new InstallMeter(n, n, new MeterRating(0, 0, 0), world.Clock.NowMs, 0)));
            appends.AddRange(YearCycles.Commands(n, family!.Value, pack, traits).Select(c => world.Append(person, c)));
            if (mode == PaymentMode.Prepaid)
            {
                person.Payments[world.Clock.NowMs] = market.Amount(60 + (person.BaseWh / 60)).Nano;
            }
        }

        foreach (var chunk in appends.Chunk(1_000))
        {
            await world.Grid.Log.AppendAsync(chunk);
        }

        await world.Grid.SettleAsync();
        return channels;
    }

    private static async Task RegisterPacksAsync(YearWorld world)
    {
        var residential = await File.ReadAllTextAsync(Path.Combine(PolicyCatalog.ShippedFolder, "cn-residential.json"));
        foreach (var market in YearMarket.All.Where(m => m.Pack.StartsWith("year-", StringComparison.Ordinal)))
        {
            var (policy, _, problems) = await world.Grid.Policies.RegisterAsync(market.PackFrom(residential));
            _ = policy ?? throw new InvalidOperationException(problems[0].Detail);
        }
    }
}
