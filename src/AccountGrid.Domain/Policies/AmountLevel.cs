namespace AccountGrid.Domain.Policies;

/// <param name="Below">Fires when the balance falls below.</param>
/// <param name="Rearm">Is armed again when the balance stands at or above; not below <paramref name="Below"/>.</param>
public sealed record AmountLevel(string Below, string Rearm);
