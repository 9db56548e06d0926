using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <summary>Puts an account under a policy pack, or changes what the workflows know of its customer.</summary>
/// <param name="PolicyFamily">Number of the pack, whatever its version.</param>
/// <param name="Traits">Without <see cref="CustomerTraits.PrepaidConsent"/>, which only a reference to what was signed gives.</param>
/// <param name="ConsentReference">What the customer signed to agree to prepaid control; null leaves what was so.</param>
public sealed record SetCustomer(int Account, int PolicyFamily, CustomerClass Class, CustomerTraits Traits,
    string? ConsentReference = null) : AccountCommand(Account);
