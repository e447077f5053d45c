"""How a scenario says that a wallet is frozen (training.md D7, S7)."""

from pydantic import BaseModel, ConfigDict, Field

from bdesk.models.kinds import FreezeReason, FreezeSource


class RawTransfers(BaseModel):
    """So many transfers of one sum each, spread evenly over the minutes before the freeze."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    count: int = Field(ge=1, le=100)
    payees: int = Field(ge=1, le=100)
    amount_fen: int = Field(ge=1)
    minutes: int = Field(ge=1, le=1440)


class RawFreeze(BaseModel):
    """`frozen` is an offset such as "-40m"."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    reason: FreezeReason
    source: FreezeSource
    frozen: str = Field(pattern=r"^-(\d+d)?(\d+h)?(\d+m)?$", min_length=3)
    trigger: str = ""
    transfers: RawTransfers | None = None
