using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Customers;

/// <summary>A customer as it is registered. A PUT replaces all but the accounts where those are left out.</summary>
/// <param name="Id">Needed with POST; with PUT it is that of the path, or absent.</param>
/// <param name="Class"><c>residential</c>, <c>business</c>, <c>industrial</c> or <c>important</c>.</param>
/// <param name="Size"><c>small</c>, <c>medium</c> or <c>large</c>.</param>
/// <param name="Area">An area; it is that of all its accounts. Absent: each account has its own.</param>
/// <param name="Contact">Channels in order; those of accounts that have none of their own.</param>
/// <param name="ContractDemandKw">Contracted demand over all its accounts, kW with at most three decimals; absent is not known.</param>
/// <param name="Accounts">Ids of all its accounts; those left out are detached. Absent with PUT: the accounts stay.</param>
public sealed record CustomerProfileRequest(
    string Name, string Class, string Size, string? Id = null, string? Area = null, string Language = "zh-CN", IReadOnlyList<ContactChannel>? Contact = null,
    IReadOnlyList<string>? Accounts = null, decimal? ContractDemandKw = null);
