using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Files;

/// <summary>Something to register, and where in its file it is ("row 3", "accounts[2]").</summary>
/// <param name="Terms">What follows the opening of an account; null is nothing.</param>
public sealed record ImportItem(string Place, string Path, object Body, AccountTerms? Terms = null)
{
    /// <summary>What names it among its kind: the id, for a tariff with the version.</summary>
    internal string Key => Body switch
    {
        TariffDefinition t => $"{t.Id} version {t.Version}",
        OpenAccountRequest a => a.Id,
        InstallMeterRequest m => m.Id,
        GatewayRequest g => g.Id,
        _ => throw new InvalidOperationException(Body.GetType().Name),
    };
}
