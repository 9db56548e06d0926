namespace AccountGrid.Client;

/// <summary>A command of the grid for one meter's relay.</summary>
/// <param name="Meter">Id of the meter.</param>
/// <param name="Sequence">A relay takes no command whose number is below the last it took. 0 is a test at a meter that is on no account.</param>
/// <param name="Action">The state that is wanted.</param>
/// <param name="Expires">Not to be carried out from then on, by the grid's clock; null is never.</param>
public sealed record RelayOrder(string Meter, int Sequence, RelayState Action, DateTimeOffset? Expires);
