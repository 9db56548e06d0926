using AccountGrid.Contracts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Prices;

/// <summary>Tries and carries out corrections of tariffs.</summary>
internal sealed class TariffCorrector(TariffCatalog tariffs, GridDirectory directory, IGrainFactory grains)
{
    /// <summary>The version and the account that a correction is about, or why there is none.</summary>
    public async Task<(Tariff? Tariff, AccountAddress? Address, Refusal? Refusal)> FindAsync(TariffListItem item)
    {
        var wrong = Requests.CheckText("reason", item.Reason) ?? (string.IsNullOrWhiteSpace(item.Reason)
            ? new(RequestRefusals.TextInvalid, "reason: '' is no reason; say why the tariff was wrong.")
            : null);
        if (wrong is not null)
        {
            return (null, null, wrong);
        }

        var (tariff, refusal) = InternalTariffs.Is(item.Tariff)
            ? (null, new(TariffRefusals.Unknown, $"tariff: there is no tariff '{item.Tariff}'."))
            : await tariffs.FindForAsync(item.Tariff, item.Version, _ => item.From.DayNumber, "from");
        return tariff is null ? (null, null, refusal)
            : await directory.FindAccountAsync(item.Account) is { } address ? (tariff, address, null)
            : (null, null, new(AccountRefusals.Unknown, $"account: there is no account '{item.Account}'."));
    }

    public static CorrectTariff CommandOf(int account, Tariff tariff, TariffListItem item, string? decidedBy = null, string? approvedBy = null) =>
        new(account, tariff.Number, item.From.DayNumber, item.Version is null, item.Reason, decidedBy, approvedBy);

    /// <summary>What a correction would come to; nothing is changed.</summary>
    public Task<OutcomeView?> TryAsync(AccountAddress address, Tariff tariff, TariffListItem item) =>
        grains.Partition(address.Partition).TryCorrection(CommandOf(address.Number, tariff, item).ToBytes());

    /// <summary>Carries a correction out once per key.</summary>
    public Task<OutcomeView> CarryOutAsync(AccountAddress address, CorrectTariff command, string key) =>
        grains.Account(address.Id).Execute(command.ToBytes(), key, Requests.HashOf(command));
}
