using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>An account, its customer and the version of the pack that decides, at one instant.</summary>
/// <param name="Ms">The instant, UTC ms.</param>
/// <param name="Today">Its local day.</param>
internal readonly record struct Moment(AccountState Account, Customer Customer, Policy Policy, long Ms, int Today);
