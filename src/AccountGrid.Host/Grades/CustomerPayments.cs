using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Grades;

namespace AccountGrid.Host.Grades;

/// <summary>What the tables say of one customer.</summary>
/// <param name="Vacant">Periods in which premises are vacant by the notes about the customer, first and last day numbers.</param>
internal sealed record CustomerPayments(
    string Id, List<AccountPayments> Accounts, List<RecordedBreach> Breaches, List<(int From, int Until)> Vacant);
