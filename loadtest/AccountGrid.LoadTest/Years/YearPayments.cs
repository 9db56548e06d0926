using System.Text;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;

namespace AccountGrid.LoadTest.Years;

/// <summary>People pay when they meant to: through a channel, announced by their bank now and then, or in a currency that is not the account's.</summary>
internal sealed class YearPayments(YearWorld world, YearChannels channels)
{
    private int _commands;

    /// <summary>Payments that were refused for their currency.</summary>
    public int ForeignRefused { get; private set; }

    public async Task PayAsync(long at)
    {
        foreach (var person in world.People)
        {
            while (person.Payments.Count > 0 && person.Payments.GetKeyAtIndex(0) <= at)
            {
                var nano = person.Payments.GetValueAtIndex(0);
                person.Payments.RemoveAt(0);
                if (person.Random.NextDouble() < 0.02 && IsForeignRefused(person, nano, at))
                {
                    continue;
                }

                if (person.Random.NextDouble() < 0.1)
                {
                    // A bank says first that it is coming.
                    var reference = $"P{++_commands}";
                    await world.Grid.Log.AppendAsync(world.Append(person, new AnnouncePayment(person.Number, reference, at + (2 * Instants.MsPerDay))));
                    person.Spans.Add(new Span(at, at, "payment announced"));
                }

                await channels.PayAsync(person, nano);
            }
        }

        foreach (var sale in await channels.SettleAsync())
        {
            sale.Person.Happenings.Add(new Happening(sale.Position, at, HappeningKind.Payment, sale.Nano, at));
        }
    }

    /// <summary>
    /// A payer whose money is of another currency is refused by name, and pays in the account's own an hour later. (DOMAIN, accounts: amounts are in its
    /// currency.)
    /// </summary>
    private bool IsForeignRefused(YearPerson person, long nano, long at)
    {
        var foreign = YearMarket.All.First(m => m.Currency != person.Market.Currency).Currency;
        var body = $$"""{"amount":"{{new Money(nano)}}","channel":"bank","currency":"{{foreign}}"}""";
        if (JsonInput.Check(Encoding.UTF8.GetBytes(body), typeof(PaymentRequest), ApiJson.Options) is null)
        {
            world.Wrong.Add($"account {person.Number}: a payment in {foreign} was taken as {person.Market.Currency}");
            return false;
        }

        ForeignRefused++;
        person.Payments.TryAdd(at + YearRun.StepMs, nano);
        return true;
    }
}
