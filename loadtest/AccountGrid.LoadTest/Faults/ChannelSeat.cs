using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Security;
using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.LoadTest.Faults;

/// <summary>Where payments through a channel come from: a bank's server, or one of two terminals that share an agent's float.</summary>
/// <param name="Name">The beginning of its payments' ids.</param>
/// <param name="Agent">Null: it does not sell out of a float.</param>
/// <param name="Key">Its API key.</param>
internal sealed record ChannelSeat(string Name, string Channel, string? Agent, string Key)
{
    /// <summary>Accounts that the channels' payments are for; nobody else pays them and they use no energy.</summary>
    public const int Accounts = 12;

    public const string Bank = "fault-bank";
    public const string Shops = "fault-shops";
    public const string Shop = "fault-shop";

    /// <summary>Percent; see <see cref="ChannelPayer"/>.</summary>
    public const decimal CommissionPercent = 2.5m;

    public static string AccountOf(int n) => $"CA{n:000}";

    /// <summary>Registers channels, agent, keys and accounts, while nothing is broken yet.</summary>
    public static async Task<IReadOnlyList<ChannelSeat>> PrepareAsync(GridClient client)
    {
        var opened = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddDays(-2).DateTime);
        for (var n = 0; n < Accounts; n++)
        {
            await client.RegisterAsync("/v1/accounts", new OpenAccountRequest(AccountOf(n), LoadTariff.Flat.Id, OpenedOn: opened));
        }

        await client.RegisterAsync("/v1/channels", Definition(Bank, "bank"));
        await client.RegisterAsync("/v1/channels", Definition(Shops, "agent"));
        await client.RegisterAsync("/v1/agents", new AgentRequest(Shop, Shops));
        await client.RegisterAsync($"/v1/agents/{Shop}/float", new FloatRequest("commission", "2.5", "contract"));
        var bank = await client.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", Bank, Channel: Bank));
        var seats = new List<ChannelSeat> { new("bank", Bank, null, bank.Key) };
        for (var terminal = 1; terminal <= 2; terminal++)
        {
            var key = await client.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("agent", $"{Shop} {terminal}", Agent: Shop));
            seats.Add(new($"shop{terminal}", Shops, Shop, key.Key));
        }

        return seats;
    }

    private static PaymentChannelDefinition Definition(string id, string kind) => new()
    {
        Id = id,
        Kind = kind,
        EffectiveFrom = new DateOnly(2026, 1, 1),
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Tenders = ["cash"],
        MaxAmount = "5000",
    };
}
