using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>What changes around an account: its mode, its tariff, its meters.</summary>
internal sealed class YearChanges(YearWorld world)
{
    /// <summary>Of one account in a year, each.</summary>
    private const double ChangesAYear = 1.5;

    /// <summary>
    /// Local days around a change of tariff in which no meter is moved or exchanged: the price of each interval stays known without anybody's rating.
    /// </summary>
    private const int QuietDays = 5;

    private const int MetersMax = 3;

    public int Moves { get; private set; }

    /// <summary>Of them, those that became known after readings of their time.</summary>
    public int LateMoves { get; private set; }

    public int Exchanges { get; private set; }

    public async Task ChangeAsync(long at)
    {
        foreach (var person in world.People)
        {
            if (person.Random.NextDouble() >= 4 * ChangesAYear * YearRun.StepMs / (365.0 * Instants.MsPerDay))
            {
                continue;
            }

            await (person.Random.Next(4) switch
            {
                0 => SwitchAsync(person, at),
                1 => ChangeTariffAsync(person, at),
                2 => MoveMeterAsync(person, at),
                _ => ExchangeAsync(person, at),
            });
            await world.Grid.SettleAsync(sweeps: false);
        }
    }

    /// <summary>To prepaid, with terms for what is owed, or without: then it must be refused where something is.</summary>
    private async Task SwitchAsync(YearPerson person, long at)
    {
        if (person.Mode == PaymentMode.Prepaid)
        {
            return;
        }

        var p = world.Grid.Policies.All.First(p => p.Definition.Id == person.Pack).Definition.Prepaid;
        var terms = person.Random.Next(4);
        var (share, perDay) = (terms is 1 or 3 ? p.DebtShareBasisPoints : 0, terms is 2 or 3 ? NaiveAccount.Nano(p.DebtPerDay) : 0);
        var form = $"form {person.Number} of {Instants.ToText(at)}";
        var command = new SwitchMode(person.Number, PaymentMode.Prepaid, form, "collector", "manager", share, new(perDay));
        var result = await world.Grid.Log.AppendAsync(world.Append(person, command));
        await world.Grid.SettleAsync(sweeps: false);
        if (world.Grid.StateOf(person.Partition).PeekAccount(person.Number)!.Mode != PaymentMode.Prepaid)
        {
            person.RefusedSwitches.Add((result.FirstPosition, share != 0 || perDay != 0));
            return;
        }

        person.SwitchToPrepaid(result.FirstPosition, at);
        person.Payments.Clear();
        person.Payments[at + (2 * YearRun.StepMs)] = person.Market.Amount(60).Nano;
    }

    /// <summary>
    /// Another price, or one with a standing charge, from one of the next days on; now and then one in another currency, which must be refused.
    /// </summary>
    private async Task ChangeTariffAsync(YearPerson person, long at)
    {
        var today = person.Calendar.DayOf(at);
        if (person.Prices[^1].FromDay > today)
        {
            return;
        }

        var isForeign = person.Random.Next(8) == 0;
        var market = isForeign ? YearMarket.All.First(m => m.Currency != person.Market.Currency) : person.Market;
        var version = market.Versions[person.Random.Next(market.Versions.Count)];
        var tariff = (await world.Grid.Tariffs.FindAsync(version.Id, null))!;
        var from = today + 1 + person.Random.Next(3);
        await world.Grid.Log.AppendAsync(world.Append(person, new ChangeTariff(person.Number, tariff.Number, from)));
        await world.Grid.SettleAsync(sweeps: false);
        var last = world.Grid.StateOf(person.Partition).PeekAccount(person.Number)!.Tariffs[^1];
        var isTaken = last.Tariff == tariff.Number && last.FromDay == from;
        if (isTaken == isForeign)
        {
            world.Wrong.Add($"account {person.Number}: the change to {version.Id} from {Instants.DayToText(from)} was {(isTaken ? "taken" : "refused")}");
        }
        else if (isTaken)
        {
            person.Prices.Add(new PriceSpan(from, version.PriceMicro, version.StandingNano, person.Meters.Count == 0));
        }
    }

    /// <summary>
    /// A meter goes to another account: now, with its register; some readings ago, which becomes known only now; or now without anybody having read it. An
    /// account without
    /// a meter gets one first.
    /// </summary>
    private async Task MoveMeterAsync(YearPerson person, long at)
    {
        var others = world.People.FindAll(p => p.Market == person.Market && p != person && p.Meters.Count < MetersMax && !IsChanging(p, at));
        if (person.Meters.Count == 0 || others.Count == 0 || IsChanging(person, at))
        {
            return;
        }

        var meter = person.Meters[person.Random.Next(person.Meters.Count)];
        var empty = others.FindAll(p => p.Meters.Count == 0);
        var to = empty.Count > 0 ? empty[person.Random.Next(empty.Count)] : others[person.Random.Next(others.Count)];
        var known = meter.Known.FindAll(k => k.AtMs > meter.OwnedFromMs && k.AtMs < at);
        var how = person.Random.Next(3);
        var (moveMs, wh) = (at, meter.LastPushedWh);
        if (how == 0 && meter.LastMs < at)
        {
            meter.Use(at, meter.IsOn ? person.Random.Next(500) : 0);
            wh = meter.RegisterWh;
        }
        else if (how == 1 && known.Count > 0)
        {
            (moveMs, wh) = known[person.Random.Next(known.Count)];
        }

        var command = new ReleaseMeter(meter.Number, to.Number, to.Partition, moveMs, how == 2 ? null : wh);
        var result = await world.Grid.Log.AppendAsync(world.Append(person, command));
        await world.Grid.SettleAsync(sweeps: false);
        if (world.Grid.StateOf(person.Partition).PeekAccount(person.Number)!.Meters.Exists(m => m.Number == meter.Number && m.UntilMs == long.MaxValue))
        {
            world.Wrong.Add($"account {person.Number}: its meter {meter.Number} could not be moved to {to.Number} at {Instants.ToText(moveMs)} with {wh} Wh");
            return;
        }

        // What was charged beyond the instant goes from the one to the other.
        person.Use(result.FirstPosition, moveMs, wh - meter.LastPushedWh, at);
        person.Lost(meter.Number, at);
        to.Tenures.Add(new Tenure(meter.Number, at, long.MaxValue));
        to.Arrivals.Add(new Arrival(meter.Number, moveMs, Math.Max(0, meter.LastPushedWh - wh), Math.Max(moveMs, meter.LastKnownMs), at));
        if (wh > meter.LastPushedWh)
        {
            meter.Pushed(moveMs, wh);
        }

        meter.MoveTo(to, moveMs);
        Moves++;
        LateMoves += moveMs < at ? 1 : 0;
    }

    /// <summary>Another device comes to an account in place of one, with a register of its own.</summary>
    private async Task ExchangeAsync(YearPerson person, long at)
    {
        if (person.Meters.Count == 0 || IsChanging(person, at))
        {
            return;
        }

        var old = person.Meters[person.Random.Next(person.Meters.Count)];
        if (old.OwnedFromMs >= at)
        {
            return;
        }

        if (old.LastMs < at)
        {
            old.Use(at, old.IsOn ? person.Random.Next(500) : 0);
        }

        var device = new YearMeter(await world.Grid.AddMeterAsync(person.Number, person.Partition), person, person.Random.Next(1_000_000), at);
        var command = new ExchangeMeter(old.Number, device.Number, at, old.RegisterWh, device.RegisterWh, new MeterRating(0, 0, 0));
        var result = await world.Grid.Log.AppendAsync(world.Append(person, command));
        await world.Grid.SettleAsync(sweeps: false);
        if (!world.Grid.StateOf(person.Partition).PeekAccount(person.Number)!.Meters.Exists(m => m.Number == device.Number))
        {
            world.Wrong.Add($"account {person.Number}: its meter {old.Number} could not be exchanged at {Instants.ToText(at)} with {old.RegisterWh} Wh");
            return;
        }

        person.Use(result.FirstPosition, at, old.RegisterWh - old.LastPushedWh, at);
        person.Lost(old.Number, at);
        person.Meters.Remove(old);
        person.Meters.Add(device);
        person.Tenures.Add(new Tenure(device.Number, at, long.MaxValue));
        world.Meters[device.Number] = device;
        Exchanges++;
    }

    private static bool IsChanging(YearPerson person, long at) => person.Prices.Count > 1 && person.Prices[^1].FromDay >= person.Calendar.DayOf(at) - QuietDays;
}
