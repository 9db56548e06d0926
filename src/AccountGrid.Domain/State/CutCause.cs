namespace AccountGrid.Domain.State;

public enum CutCause : byte
{
    None = 0,
    Arrears = 1,
    Exhausted = 2,
}
