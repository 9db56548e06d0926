using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Payments;

/// <summary>
/// Accounts of the company's own books: floats of agents and suspense of channels. Their ids have a slash, which no customer's account can have, so that no
/// request for a customer's account reaches one.
/// </summary>
internal sealed class InternalAccounts(GridDirectory directory, TariffCatalog tariffs, PostgresLog log, IGrainFactory grains, TimeProvider time)
{
    /// <summary>First day of the accounts and of their tariffs, before any payment.</summary>
    private static readonly DateOnly FirstDay = new(2000, 1, 1);

    public static string FloatOf(string agent) => $"float/{agent}";

    public static string SuspenseOf(string channel) => $"suspense/{channel}";

    /// <summary>The address of an account, which is opened where it does not exist.</summary>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="zone">IANA.</param>
    public async Task<AccountAddress> OpenAsync(string id, AccountKind kind, string currency, string zone)
    {
        if (await directory.FindAccountAsync(id) is { } known && await grains.Account(id).Get() is not null)
        {
            return known;
        }

        var tariff = await TariffAsync(currency, zone);
        var address = await directory.AllotAccountAsync(id);
        var open = new OpenAccount(address.Number, id, tariff, PaymentMode.Prepaid, FirstDay.DayNumber, 0, false, [], kind);
        var outcome = await ExecuteAsync(address.Partition, open, $"open:{address.Number}");
        return outcome.Accepted ? address : throw new InvariantBrokenException($"Account {id} could not be opened: {outcome.Detail}");
    }

    /// <summary>Appends a command to an account's log under a key, once, and waits for what the fold makes of it.</summary>
    public Task<OutcomeView> ExecuteAsync(int partition, AccountCommand command, string key) =>
        ExecuteAsync(partition, command, key, Requests.HashOf(command));

    /// <param name="hash">What the key stands for.</param>
    public Task<OutcomeView> ExecuteAsync(int partition, AccountCommand command, string key, byte[] hash) =>
        Commands.AppendAndWait(grains, log, new LogAppend(partition, 1, Record(command), new LogKey(key, hash)));

    /// <summary>The same for the other end of a transfer, whose key the fold of its source has too.</summary>
    public Task<OutcomeView> ReceiveAsync(int partition, ReceiveTransfer command, string key) =>
        ExecuteAsync(partition, command, key, command.Hash());

    private byte[] Record(GridCommand command) => LogRecords.Encode(time.GetUtcNow().ToUnixTimeMilliseconds(), command);

    /// <summary>A tariff without a price: what gives an account its currency and its days.</summary>
    private async Task<int> TariffAsync(string currency, string zone)
    {
        var definition = new TariffDefinition
        {
            Id = InternalTariffs.IdOf(currency, zone),
            Currency = currency,
            Zone = zone,
            EffectiveFrom = FirstDay,
            Rates = [new RateDefinition("none", "0")],
        };
        var (tariff, _, refusal) = await tariffs.RegisterAsync(definition);
        return tariff?.Number ?? throw new InvariantBrokenException($"Tariff {definition.Id} could not be registered: {refusal!.Detail}");
    }
}
