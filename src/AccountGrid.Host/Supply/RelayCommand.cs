namespace AccountGrid.Host.Supply;

/// <summary>A command for one meter's relay.</summary>
/// <param name="Sequence">A relay takes no command whose number is below the last it took. 0 is a test at a meter that is on no account.</param>
/// <param name="Action"><c>on</c> or <c>off</c>.</param>
/// <param name="Expires">Not to be carried out from then on; null is never.</param>
public sealed record RelayCommand(string Meter, int Sequence, string Action, DateTimeOffset? Expires);
