using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Complaints;

namespace AccountGrid.Host.CustomerPages;

/// <summary>What a customer sees of the account.</summary>
/// <param name="Customer">Null where the account is under no policy pack: nothing is asked for, and no complaint can be filed here.</param>
/// <param name="EndsAt">When the link ends.</param>
public sealed record CustomerPageModel(
    AccountAnswer Account, BalanceAnswer Balance, CustomerAnswer? Customer, IReadOnlyList<ConsumptionRow> Days, IReadOnlyList<ConsumptionRow> Periods,
    IReadOnlyList<BillAnswer> Bills, IReadOnlyList<ComplaintAnswer> Complaints, DateTimeOffset EndsAt)
{
    /// <summary>The account had another customer or contact before: what is not paid can be of then, and is not shown.</summary>
    public bool HadOther { get; init; }

    /// <summary>The page's own address.</summary>
    public string Path { get; init; } = "";

    /// <summary>The language that the address asks for; null is none.</summary>
    public string? Asked { get; init; }

    /// <summary>A complaint was just filed.</summary>
    public bool IsFiled { get; init; }

    /// <summary>A complaint as it was entered, where it was refused.</summary>
    public (string Topic, string Text) Entered { get; init; } = ("", "");

    /// <summary>Key of the text that says why a complaint was refused.</summary>
    public string? Wrong { get; init; }

    /// <summary>A complaint can be filed: the account is open, and its policy says by when it is answered.</summary>
    public bool CanComplain => Account.Open && Customer is not null;
}
