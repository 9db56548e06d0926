using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Prepayment;

/// <summary>Offers of prepaid terms; section <c>Prepayment</c> of the configuration.</summary>
public sealed class PrepaymentOptions
{
    /// <summary>Months, the last that are over, whose days are rated again.</summary>
    [Range(1, 12)]
    public int Months { get; set; } = 3;

    /// <summary>Balance at which a warning is assumed to come, whole units of the account's currency.</summary>
    [Range(0, 1_000_000)]
    public int Level { get; set; } = 30;

    /// <summary>What a customer is assumed to pay in at a warning, whole units of the account's currency.</summary>
    [Range(1, 1_000_000)]
    public int TopUp { get; set; } = 100;

    /// <summary>Id of the tariff for prepaid accounts, by which the list of who would benefit is made; empty is each account's own.</summary>
    [ShownSetting]
    public string Tariff { get; set; } = "";

    /// <summary>Days for which an offer can be agreed to.</summary>
    [Range(1, 365)]
    public int OfferDays { get; set; } = 60;
}
