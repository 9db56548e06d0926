namespace AccountGrid.LoadTest.Faults;

/// <summary>One kind of trouble: what is done to the grid, and the proof that it was felt.</summary>
/// <param name="Name">As it is asked for and reported.</param>
/// <param name="Run">Makes the trouble and ends it. Throws <see cref="VacuousException"/> if it had no effect.</param>
/// <param name="IsLong">Left out of CI's matrix for its length.</param>
/// <param name="IsFelt">Clients cannot but notice: if nobody had to try again, it had no effect.</param>
internal sealed record FaultCase(string Name, Func<FaultGrid, FaultLoad, Random, Task> Run, bool IsLong = false, bool IsFelt = false);
