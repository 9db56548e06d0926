using System.Collections.Concurrent;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// Tells customers what will be collected from their bank accounts, and when. A collection is written first, then its notice is given under a key made of its
/// id: whoever goes on after a death gives it once.
/// </summary>
internal sealed class DebitAnnouncements(DebitStore store, DebitAccounts accounts, PaymentChannelCatalog channels, TimeProvider time)
{
    /// <summary>Latest day of a collection, days from today.</summary>
    private const int DaysAhead = 90;

    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 16 };

    /// <summary>Announces what is due by a day for collection on it. Again the same, it announces what has become due since.</summary>
    public async Task<(DebitDayAnswer? Answer, Refusal? Refusal)> AnnounceAsync(string channel, DateOnly day)
    {
        var now = time.GetUtcNow();
        if (await channels.FindAsync(channel, now) is not { DirectDebit: { } setting } d)
        {
            return (null, Unknown(channel));
        }

        var today = PaymentChannelRules.LocalDay(d, now);
        if (day < today.AddDays(setting.NoticeDays) || day > today.AddDays(DaysAhead))
        {
            return (null, new(DirectDebitRefusals.DayInvalid,
                $"day: {day:yyyy-MM-dd} is not from {today.AddDays(setting.NoticeDays):yyyy-MM-dd}, {setting.NoticeDays} days from today, to "
                    + $"{today.AddDays(DaysAhead):yyyy-MM-dd}."));
        }

        await store.EndPassedAsync(channel, today);
        var not = new ConcurrentBag<(RefusalCode Why, Money Owed)>();
        var candidates = await store.CandidatesAsync(channel, day, DebitRules.PresentationsMax);
        await Parallel.ForEachAsync(candidates.GroupBy(c => (c.Partition, c.Account)), AtOnce, async (of, _) =>
        {
            var facts = await accounts.FactsAsync(of.Key.Partition, of.Key.Account, of.Select(c => c.Due_Day), d.Currency);
            var usedUp = new HashSet<string>();
            foreach (var candidate in of.OrderBy(c => c.Due_Day))
            {
                var choice = DebitRules.Choose(facts[candidate.Due_Day] with
                {
                    IsMandateActive = !DebitRules.IsLapsed(candidate.Last_Used ?? candidate.Signed_On, today) && !usedUp.Contains(candidate.Mandate),
                    Announced = facts[candidate.Due_Day].Owed,
                    Most = new Money(candidate.Max_Nano ?? 0),
                });
                if (choice.Why is null)
                {
                    await GiveAsync(await store.AddAsync(candidate, channel, day, choice.Amount.Nano, setting.NoticeDays));
                    if (candidate.One_Off)
                    {
                        usedUp.Add(candidate.Mandate);
                    }
                }
                else if (facts[candidate.Due_Day].Owed > Money.Zero || candidate.Number == 1)
                {
                    // What was collected before and is paid needs nothing.
                    not.Add((choice.Why, facts[candidate.Due_Day].Owed));
                }
            }
        });
        var reasons = not.GroupBy(n => n.Why.Text).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new DebitSum("not_announced", g.Key, g.Count(), g.Aggregate(WideMoney.Zero, (sum, n) => sum + n.Owed).ToString()));
        return (new(channel, day, await store.SumsAsync(channel, day), [.. reasons]), null);
    }

    /// <summary>Gives the notice of a collection that was written.</summary>
    public async Task GiveAsync(DebitItemRow item)
    {
        if (item.State != "new")
        {
            return;
        }

        var command = new AnnounceDebit(item.Account, item.Id, item.Mandate, item.Due_Day.DayNumber, new(item.Announced_Nano),
            item.Collect_Day.DayNumber, item.Notice_Days);
        var outcome = await accounts.ExecuteAsync(item.Account_Id, command, $"debit-announce:{item.Id}");
        await store.MoveAsync(item, outcome.Accepted ? "announced" : "skipped", outcome.Code);
    }

    internal static Refusal Unknown(string channel) => new(DirectDebitRefusals.ChannelInvalid,
        $"channel: '{channel}' is not a channel with a configuration of direct debit that is in force.");
}
