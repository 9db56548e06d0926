using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Tests.Simulation;

/// <summary>
/// One account under a policy pack, living by a clock that tests move: hourly readings, checks when they are due, messages delivered at once where a test wants
/// that.
/// </summary>
internal sealed class Life
{
    public const int Account = 1;
    public const int Meter = 7;

    private readonly HashSet<string> _reported = [];
    private long _register;

    public Life(string start, PaymentMode mode, Policy policy, CustomerTraits traits = CustomerTraits.None, CustomerClass kind = CustomerClass.Residential,
        string price = "0.50", string currency = "CNY", string standing = "0", TariffDefinition? tariff = null)
    {
        Policy = policy;
        Grid = new FoldHarness(1, tariff ?? Given.Flat(price, "Asia/Shanghai") with { Currency = currency, StandingPerDay = standing }).With(5, policy);
        NowMs = Given.At($"{start}T00:00:00+08:00");
        Do(Given.Open(Account, start) with { Mode = mode });
        Do(Given.Meter(Meter, Account, $"{start}T00:00:00+08:00"));
        Do(
            new SetCustomer(Account, 5, kind, traits & ~CustomerTraits.PrepaidConsent,
                traits.HasFlag(CustomerTraits.PrepaidConsent) ? "form 7 of this day" : null));
    }

    public FoldHarness Grid { get; }

    public Policy Policy { get; }

    public long NowMs { get; private set; }

    /// <summary>Energy of each hour, Wh; null is a silent meter.</summary>
    public long? HourlyWh { get; set; } = 1_000;

    /// <summary>Every message is proven delivered as soon as quiet hours let it go.</summary>
    public bool Delivers { get; set; } = true;

    public AccountState State => Grid.Account(Account);

    public Customer Customer => State.Customer!;

    public SimPartition Partition => Grid[0];

    public IEnumerable<string> Kinds => Partition.Notices.Select(n => n.Kind.Code());

    public IEnumerable<T> Events<T>() => Partition.Events.Select(e => e.Event).OfType<T>();

    public CommandOutcome Do(GridCommand command) => Grid.Execute(0, command, NowMs);

    public CommandOutcome Pay(string amount) => Do(Given.Pay(Account, amount));

    /// <summary>Carries out a command that must be accepted; its position.</summary>
    public long Ok(GridCommand command)
    {
        var outcome = Do(command);
        Assert.True(outcome.Accepted, outcome.Refusal?.Detail);
        return outcome.Position;
    }

    /// <summary>Energy that is used at once: a reading a minute later.</summary>
    public void Use(long wh)
    {
        NowMs += 60_000;
        _register += wh;
        Partition.Append(NowMs, new Reading(Meter, RegisterKind.Import, NowMs, _register, default, 0));
        Grid.Settle();
    }

    /// <summary>Moves on to an instant, hour by hour and through every check on the way. <paramref name="sweeps"/> false is a grid that is down.</summary>
    public Life To(string at, bool sweeps = true)
    {
        var end = Given.At(at);
        while (NowMs < end)
        {
            var hour = NowMs - (NowMs % Instants.MsPerHour) + Instants.MsPerHour;
            var due = sweeps ? State.DueAtMs : long.MaxValue;
            NowMs = Math.Min(end, Math.Min(hour, Math.Max(due, NowMs + 1)));
            if (NowMs == hour && HourlyWh is { } wh)
            {
                // A register that rises by the same amount for a day is frozen, by validation's word; people are not.
                _register += wh == 0 ? 0 : wh + (NowMs / Instants.MsPerHour % 5 * 10) - 20;
                Partition.Append(NowMs, new Reading(Meter, RegisterKind.Import, NowMs, _register, default, 0));
                Grid.Settle();
            }

            if (sweeps && State.DueAtMs <= NowMs)
            {
                Partition.Append(new Check(NowMs, [Account]), NowMs);
                Grid.Settle();
            }

            if (Delivers)
            {
                foreach (var notice in Partition.Notices.Where(n => n.NotBeforeMs <= NowMs && !_reported.Contains(n.Id)).ToList())
                {
                    _reported.Add(notice.Id);
                    Do(new ReportDelivery(Account, notice.Id, "sms", NowMs));
                }
            }
        }

        return this;
    }

    /// <summary>Moves on until something holds; fails after so many days.</summary>
    public Life Until(Func<Life, bool> holds, int days)
    {
        var end = NowMs + (days * Instants.MsPerDay);
        while (!holds(this))
        {
            Assert.True(NowMs < end,
                $"It did not come within {days} days: stage {Customer.Overdue.Stage}, relay {Customer.Supply.Relay}, balance {State.Balance}.");
            To(Instants.ToText(NowMs + (10 * 60_000)));
        }

        return this;
    }

    public RelayEffect Relay => Partition.Relays[(Account, Customer.Supply.Sequence)];

    /// <summary>The gateway fetches the command and the meter confirms.</summary>
    public void Obey()
    {
        if (Relay.State == RelayCommandState.Planned)
        {
            Assert.True(Do(new ReleaseCut(Account, Relay.Sequence)).Accepted);
        }

        if (Relay is { State: RelayCommandState.Released } relay)
        {
            Assert.True(Do(new ReportRelay(Account, Meter, relay.Sequence, relay.TurnsOn, NowMs)).Accepted);
        }
    }
}
