namespace AccountGrid.Domain.State;

public enum AccountStatus : byte
{
    Open = 0,
    Closed = 1,
}
