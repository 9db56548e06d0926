using AccountGrid.Host.Collections;

namespace AccountGrid.Host.Files;

/// <summary>What a row says of an account beside its opening, in the order in which it is sent.</summary>
/// <param name="Customer">Its policy pack; null leaves what is so.</param>
/// <param name="Cycle">How it is billed; null leaves what is so.</param>
public sealed record AccountTerms(CustomerRequest? Customer, BillingCycleRequest? Cycle);
