namespace AccountGrid.Domain.State;

public record struct SideRegister(long TimeMs, long ValueWh);
