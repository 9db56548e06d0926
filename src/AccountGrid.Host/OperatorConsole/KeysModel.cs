using AccountGrid.Host.Http;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Keys of programs and people.</summary>
public sealed record KeysModel(ConsolePart<Page<KeyListItem>> Keys);
