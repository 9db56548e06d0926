using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <param name="ConsentReference">What the customer signed to agree to prepaid control; null leaves what was so.</param>
public sealed record CustomerSet(int PolicyFamily, CustomerClass Class, CustomerTraits Traits, string? ConsentReference = null) : AccountEvent;
