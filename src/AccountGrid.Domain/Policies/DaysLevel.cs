namespace AccountGrid.Domain.Policies;

/// <param name="Below">Fires when the balance lasts for fewer days than this, 1 to 60.</param>
/// <param name="Rearm">Is armed again when it lasts for so many; more than <paramref name="Below"/>.</param>
public sealed record DaysLevel(int Below, int Rearm);
