using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Customers;

/// <param name="Responsible">Who looks after the customer today: its manager, else the collector of its area or of one above; null is nobody.</param>
/// <param name="Manager">Its own account manager today; null is none.</param>
/// <param name="Grade">Risk grade <c>A</c> to <c>D</c>.</param>
/// <param name="Assignments">Assignments of its managers, the latest first, those to come included.</param>
/// <param name="AccountChanges">Accounts attached and detached, the latest first.</param>
/// <param name="ContractDemandKw">Contracted demand over all its accounts; null is not known.</param>
public sealed record CustomerProfileAnswer(
    string Id,
    string Name,
    string Class,
    string Size,
    string? Area,
    string Language,
    IReadOnlyList<ContactChannel> Contact,
    IReadOnlyList<string> Accounts,
    string? Responsible,
    string? Manager,
    string Grade,
    IReadOnlyList<AssignmentAnswer> Assignments,
    IReadOnlyList<AccountChangeAnswer> AccountChanges,
    decimal? ContractDemandKw = null);
